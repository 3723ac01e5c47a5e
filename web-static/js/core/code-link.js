// One click from an MSNP code to what it means.

import { strings } from "../strings.js";
import { h } from "./dom.js";

export const codeLink = code =>
  h("a", { href: `#/developer/errors/${code}`, class: "code-link" }, strings.problems.msnp(code));
