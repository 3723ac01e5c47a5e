// Fonts that people's systems may lack, and what comes closest: by name first, as a generic family is often the same face
// as the page's own.

const alike = new Map([
  ["arial", '"Liberation Sans", "Arimo", "Helvetica Neue", sans-serif'],
  ["comic sans ms", '"Comic Neue", "Comic Relief", "Chalkboard SE", "Comic Sans", "Segoe Print", "Z003", cursive'],
  ["consolas", '"Inconsolata", "DejaVu Sans Mono", monospace'],
  ["courier", '"Courier New", "Liberation Mono", "Cousine", monospace'],
  ["courier new", '"Liberation Mono", "Cousine", Courier, monospace'],
  ["garamond", '"EB Garamond", "Georgia", serif'],
  ["georgia", '"Gelasio", "DejaVu Serif", serif'],
  ["impact", '"Anton", "Haettenschweiler", fantasy'],
  ["lucida console", '"DejaVu Sans Mono", monospace'],
  ["tahoma", '"Verdana", "DejaVu Sans", sans-serif'],
  ["times", '"Times New Roman", "Liberation Serif", "Tinos", serif'],
  ["times new roman", '"Liberation Serif", "Tinos", Times, serif'],
  ["verdana", '"DejaVu Sans", "Tahoma", sans-serif']
]);

/** The value of `font-family` for a name that has been checked: it stands in quotes. */
export const fontStack = name => `"${name}", ${alike.get(name.toLowerCase()) ?? "var(--font)"}`;
