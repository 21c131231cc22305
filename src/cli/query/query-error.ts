/** An expression that cannot be read or that fails on the output. */
export class QueryError extends Error {}

/** Something that is no token. */
export class LexerError extends QueryError {
  constructor(problem: string, expression: string, at: number) {
    super(`Bad jmespath expression: ${problem}:\n${expression}\n${' '.repeat(at)}^`)
  }
}

/** Tokens in an order that means nothing. */
export class ParseError extends QueryError {
  constructor(
    problem: string,
    expression: string,
    token: { readonly at: number; readonly text: string; readonly type: string },
  ) {
    super(
      `${problem}: Parse error at column ${token.at}, token "${token.text}" (${token.type.toUpperCase()}), for expression:\n"${expression}"\n${' '.repeat(token.at + 1)}^`,
    )
  }
}

/** An expression that ends too early. */
export class IncompleteError extends QueryError {
  constructor(expression: string) {
    super(
      `Invalid jmespath expression: Incomplete expression:\n"${expression}"\n${' '.repeat(expression.length + 1)}^`,
    )
  }
}
