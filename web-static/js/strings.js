// The words that the page says, in the first language of the browser's that there are words in.

/** Another language is another file of the same shape: Tests/Web/unit/words.test.mjs holds them together. */
const languages = { en: () => import("./words/en.js"), de: () => import("./words/de.js") };

// Where there is no browser there are tests.
const wanted = globalThis.navigator?.languages?.map(tag => tag.split("-")[0]).find(tag => Object.hasOwn(languages, tag));

export const language = wanted ?? "en";
export const strings = (await languages[language]()).words;
