import type { Query } from './index.ts'
import { evaluate } from './interpreter.ts'
import { parse } from './parser.ts'

/**
 * Compiles a JMESPath expression. This is an implementation of the language of its own because the ones for JavaScript cannot tell `5`
 * from `5.0`, which AWS CLI's output does, and word their errors differently.
 * @throws QueryError
 */
export function compile(expression: string): Query {
  const node = parse(expression)
  return { search: (value) => evaluate(node, value) }
}
