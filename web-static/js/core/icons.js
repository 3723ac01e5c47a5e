// The page's own drawings. A figure's badge says the presence by its shape; the colour only repeats it.

const space = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function svg(viewBox, name, ...shapes) {
  const element = shape("svg", { viewBox, class: name, "aria-hidden": "true", focusable: "false" });
  element.append(...shapes);
  return element;
}

const badges = {
  busy: [["circle", { cx: 18, cy: 18, r: 5, class: "badge-busy" }], ["path", { d: "M15.5 18h5", class: "badge-line" }]],
  away: [["circle", { cx: 18, cy: 18, r: 5, class: "badge-away" }], ["path", { d: "M18 15.2V18l2 1.4", class: "badge-line" }]],
  phone: [["circle", { cx: 18, cy: 18, r: 5, class: "badge-busy" }], ["path", { d: "M16.2 15.8c0 2.6 1.4 4.2 3.8 4.4", class: "badge-line" }]],
  blocked: [["circle", { cx: 18, cy: 18, r: 5, class: "badge-blocked" }], ["path", { d: "M15.9 15.9l4.2 4.2M20.1 15.9l-4.2 4.2", class: "badge-line" }]]
};

const badgeOf = {
  busy: "busy", onThePhone: "phone", away: "away", beRightBack: "away", idle: "away", outToLunch: "away"
};

/** A figure in the colour of a presence, with the badge that goes with it. */
export function figure(status, blocked = false) {
  const badge = badges[blocked ? "blocked" : badgeOf[status]] ?? [];
  return svg(
    "0 0 24 24", `figure figure-${status}`,
    shape("path", { d: "M12 13.2c-5 0-8.3 2.9-8.3 6.6 0 1.9 3.4 2.7 8.3 2.7s8.3-.8 8.3-2.7c0-3.7-3.3-6.6-8.3-6.6z", class: "figure-body" }),
    shape("circle", { cx: 12, cy: 7.2, r: 5.2, class: "figure-head" }),
    shape("path", { d: "M8.6 5.6c.6-1.6 2-2.5 3.6-2.5", class: "figure-gleam" }),
    ...badge.map(([name, attributes]) => shape(name, attributes)));
}

const paths = {
  contacts: "M8 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 8 11zm0 1.8c-3.4 0-5.6 1.8-5.6 4.4h11.2c0-2.6-2.2-4.4-5.6-4.4zM16 10a2.6 2.6 0 1 0 0-5.2M15.6 12.4c3.4 0 5.4 1.7 5.4 4.2",
  chats: "M4 5h16v10.5h-8.5L7 19.5v-4H4z",
  history: "M5 5.5v5h5M5.6 10.5A7.5 7.5 0 1 1 5 14M12 8.5v4l2.8 1.8",
  services: "M3.5 6.5h17v11h-17zM3.5 7l8.5 6 8.5-6",
  settings: "M12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM12 3.5v2.8M12 17.7v2.8M3.5 12h2.8M17.7 12h2.8M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2",
  developer: "M8.5 7.5L4 12l4.5 4.5M15.5 7.5L20 12l-4.5 4.5M13.4 5.5l-2.8 13",
  operator: "M4 19V9.5M10 19V5M16 19v-7M20.5 19h-18",
  more: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  add: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  back: "M14.5 5.5L8 12l6.5 6.5",
  mail: "M3.5 6.5h17v11h-17zM3.5 7l8.5 6 8.5-6",
  phone: "M8 3.5h8a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1zM11 17.6h2",
  edit: "M5 19l1-4L16.5 4.5l3 3L9 18z",
  invite: "M10 11a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zm0 2c-3.8 0-6.2 2-6.2 5h9.5M18 11.5v7M14.5 15h7",
  leave: "M10 4.5H5v15h5M13 8l4.5 4L13 16M9 12h8",
  smile: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 9.6v.1M15 9.6v.1M8.4 14c1.6 2.4 5.6 2.4 7.2 0",
  send: "M4 12l16-7-5 15-3.5-6z",
  clock: "M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v4.2l2.8 1.8",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5L7 17l9-9.5M11.5 15.5l1.5 1.5 9-9.5",
  question: "M9 9.2a3 3 0 1 1 4.2 2.7c-.9.5-1.2 1-1.2 2M12 17.6v.1",
  warning: "M12 4.5l8.5 15h-17zM12 10v4.5M12 17v.1",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10.5 20.5h3",
  copy: "M9 9h10v11H9zM15 9V4.5H5v11h4",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14",
  open: "M13 5h6v6M19 5l-8.5 8.5M17 14v5H5V7h5"
};

/** A line drawing by its name. */
export function icon(name) {
  return svg("0 0 24 24", `icon icon-${name}`, shape("path", { d: paths[name] }));
}

/** The page's sign: two figures who talk. */
export function sign() {
  const person = (x, name) => [
    shape("path", { d: `M${x} 33c-8.6 0-14 5-14 11.4 0 3.3 5.8 4.6 14 4.6s14-1.3 14-4.6C${x + 14} 38 ${x + 8.6} 33 ${x} 33z`, class: `sign-${name}` }),
    shape("circle", { cx: x, cy: 22, r: 9, class: `sign-${name}` }),
    shape("path", { d: `M${x - 5.6} 19c1-2.6 3.2-4.2 6-4.2`, class: "sign-gleam" })
  ];
  return svg(
    "0 0 96 56", "sign",
    ...person(33, "green"), ...person(60, "blue"),
    shape("path", { d: "M72 4h16a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4h-9l-6 5v-5h-1a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z", class: "sign-bubble" }),
    shape("path", { d: "M74 12h.1M80 12h.1M86 12h.1", class: "sign-dots" }));
}

/** A line of values from 0 on, as wide as its place. */
export function line(values, most) {
  const width = 120;
  const height = 36;
  const x = index => (values.length > 1 ? index * width / (most - 1) + width - (values.length - 1) * width / (most - 1) : width);
  const top = Math.max(...values, 1e-9);
  const y = value => height - 2 - value / top * (height - 6);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const drawing = svg(`0 0 ${width} ${height}`, "chart-line");
  drawing.setAttribute("preserveAspectRatio", "none");
  if (points.length > 1) {
    drawing.append(
      shape("polygon", { points: `${x(0).toFixed(1)},${height} ${points.join(" ")} ${width},${height}`, class: "chart-area" }),
      shape("polyline", { points: points.join(" "), class: "chart-stroke" }));
  }
  return drawing;
}
