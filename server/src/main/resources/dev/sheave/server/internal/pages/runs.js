// The plot of runs: a stretch of time that is dragged over is shown alone, and stands in the address.

let start = null;

// where an event is between both sides, from 0 to 1
function place(event, svg) {
  const box = svg.getBoundingClientRect();
  return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
}

function draw(svg, from, to) {
  const brush = svg.querySelector(".brush");
  brush.setAttribute("x", `${100 * Math.min(from, to)}%`);
  brush.setAttribute("width", `${100 * Math.abs(to - from)}%`);
}

document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest(".plot > svg");
  if (svg && event.button === 0) {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    start = place(event, svg);
  }
});

document.addEventListener("pointermove", (event) => {
  const svg = event.target.closest(".plot > svg");
  if (svg && start !== null) {
    draw(svg, start, place(event, svg));
  }
});

document.addEventListener("pointercancel", () => { start = null; });

document.addEventListener("pointerup", (event) => {
  const svg = event.target.closest(".plot > svg");
  if (!svg || start === null) {
    return;
  }
  const ends = [start, place(event, svg)].sort((one, other) => one - other);
  start = null;
  draw(svg, 0, 0);
  if (ends[1] - ends[0] < 0.01) {
    return;
  }
  const plot = svg.closest(".plot");
  const first = Date.parse(plot.dataset.from);
  const span = Date.parse(plot.dataset.to) - first;
  const reach = 6 / svg.getBoundingClientRect().width; // a run is shown if its shape is touched
  const [from, to] = [ends[0] - reach, ends[1] + reach].map((x) => first + x * span);
  const form = document.querySelector("form.filters");
  form.elements.from.value = new Date(Math.floor(from)).toISOString();
  form.elements.to.value = new Date(Math.ceil(to)).toISOString();
  form.requestSubmit();
});
