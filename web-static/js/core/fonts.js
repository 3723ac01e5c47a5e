// Fonts that people's systems may lack, and what comes closest.

const generic = new Map([
  ["courier new", "monospace"], ["courier", "monospace"], ["consolas", "monospace"], ["lucida console", "monospace"],
  ["georgia", "serif"], ["times new roman", "serif"], ["times", "serif"], ["garamond", "serif"],
  ["comic sans ms", "cursive"], ["impact", "fantasy"]
]);

/** The value of `font-family` for a name that has been checked: it stands in quotes. */
export const fontStack = name => `"${name}", ${generic.get(name.toLowerCase()) ?? "var(--font)"}`;
