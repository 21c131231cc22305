/** The first sentence of a text, or what of it stands before a colon, without the mark at its end. */
export const firstSentence = (text: string): string =>
  /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/[.:]$/, '') ?? text
