// English: the code of a function, and the text editor.
export const functionCode = {
  syntaxError: "This may be a syntax error.",
  jsonError: "The text stops being JSON here.",
  editorPhrases: {} as Readonly<Record<string, string>>,
};
