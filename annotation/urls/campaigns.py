from django.urls import path

from annotation.views import answered, campaigns, people, taxonomies

urlpatterns = [
    path("lead/", campaigns.campaigns, name="campaigns"),
    path("lead/new/", campaigns.campaign_new, name="campaign_new"),
    path("lead/campaigns/<slug:slug>/", campaigns.campaign, name="campaign"),
    path("lead/campaigns/<slug:slug>/open/", campaigns.campaign_open, name="campaign_open"),
    path("lead/campaigns/<slug:slug>/close/", campaigns.campaign_close, name="campaign_close"),
    path("lead/campaigns/<slug:slug>/settings/", campaigns.campaign_settings, name="campaign_settings"),
    path("lead/campaigns/<slug:slug>/people/", people.people, name="people"),
    path("lead/campaigns/<slug:slug>/people/add/", people.people_add, name="people_add"),
    path("lead/campaigns/<slug:slug>/people/<int:pk>/change/", people.person_change, name="person_change"),
    path("lead/campaigns/<slug:slug>/people/<int:pk>/bar/", people.person_bar, name="person_bar"),
    path("lead/campaigns/<slug:slug>/people/<int:pk>/let-back/", people.person_let_back, name="person_let_back"),
    path("lead/campaigns/<slug:slug>/answered/", answered.answered, name="answered"),
    path("lead/campaigns/<slug:slug>/answered/practice/", answered.answered_practice, name="answered_practice"),
    path("lead/campaigns/<slug:slug>/answered/settled/", answered.answered_settled, name="answered_settled"),
    path("lead/campaigns/<slug:slug>/answered/rows/", answered.answered_rows, name="answered_rows"),
    path("lead/campaigns/<slug:slug>/answered/<int:pk>/remove/", answered.answered_remove, name="answered_remove"),
    path("lead/campaigns/<slug:slug>/taxonomy/", taxonomies.campaign_taxonomy, name="campaign_taxonomy"),
    path(
        "lead/campaigns/<slug:slug>/taxonomy/<int:number>/move/",
        taxonomies.campaign_taxonomy_move,
        name="campaign_taxonomy_move",
    ),
    path(
        "lead/campaigns/<slug:slug>/taxonomy/again/", taxonomies.campaign_taxonomy_again, name="campaign_taxonomy_again"
    ),
    path("lead/taxonomies/", taxonomies.taxonomies, name="taxonomies"),
    path("lead/taxonomies/<slug:slug>/<int:number>/", taxonomies.taxonomy, name="taxonomy"),
    path("lead/taxonomies/<slug:slug>/<int:number>/download/", taxonomies.taxonomy_download, name="taxonomy_download"),
]
