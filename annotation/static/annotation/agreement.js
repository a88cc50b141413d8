// In a table marked data-matrix the arrow keys move from number to number, past cells without one.
(() => {
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = event.target.closest("[data-matrix] td");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = cell.closest("table").tBodies[0].rows;
    let row = cell.parentElement.sectionRowIndex;
    let column = cell.cellIndex;
    event.preventDefault();
    for (;;) {
      row += step[0];
      column += step[1];
      const next = rows[row]?.cells[column];
      if (!next || next.tagName !== "TD") return;
      const link = next.querySelector("a");
      if (!link) continue;
      link.focus();
      return;
    }
  });
})();
