/**
 * What a terminal acts on rather than shows, but for line ends and tabs: C0, DEL, C1, the separators of lines and paragraphs, and what turns
 * the direction of writing.
 */
const CONTROL = /(?![\n\t])[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu
const LINE_CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A text as it may be shown on a terminal, whoever wrote it: control characters other than line ends and tabs are escaped as in JSON
 * (`\u001b`), so that JSON stays JSON of the same value.
 */
export const terminalText = (text: string): string => text.replace(CONTROL, escape)

/** As {@link terminalText}, for a text that is one line or one cell of a table: line ends and tabs are escaped too. */
export const terminalLine = (text: string): string => text.replace(LINE_CONTROL, escape)
