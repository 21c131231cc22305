/**
 * Reads JSON in which `//` and `/* … *\/` comments may stand between values. Throws SyntaxError as JSON.parse does, with the same
 * positions, since each comment is replaced by spaces of its length.
 */
export function parseJsonWithComments(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_COMMENT, blankComment))
}

const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

const blankComment = (token: string): string => (token.startsWith('"') ? token : token.replace(/[^\n]/g, ' '))
