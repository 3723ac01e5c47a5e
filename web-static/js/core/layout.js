// Whether there is room for one part of the page alone; as in css/shell.css.

export const narrow = matchMedia("(max-width: 720px)");
