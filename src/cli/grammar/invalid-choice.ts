import { quoted } from '../../client/python-text.ts'

const CHOICES_PER_LINE = 2
const SIMILARITY_MIN = 0.8
const SUGGESTIONS_MAX = 3

/** The error for a word that is none of the choices: all of them, two to a line, and those that come near it. */
export function invalidChoice(typed: string, choices: readonly string[]): string {
  const lines = ['Invalid choice, valid choices are:\n']
  for (let at = 0; at < choices.length; at += CHOICES_PER_LINE)
    lines.push(
      choices
        .slice(at, at + CHOICES_PER_LINE)
        .map((choice) => choice.padEnd(40))
        .join(' | '),
    )
  const near = similarChoices(typed, choices)
  if (near.length > 0) {
    lines.push(`\n\nInvalid choice: ${quoted(typed)}, maybe you meant:\n`)
    lines.push(...near.map((choice) => `  * ${choice}`))
  }
  return lines.join('\n')
}

/** The choices most like a word, the nearest first. */
export function similarChoices(typed: string, choices: readonly string[]): string[] {
  return choices
    .map((choice) => ({ choice, similarity: similarity(typed, choice) }))
    .filter((candidate) => candidate.similarity >= SIMILARITY_MIN)
    .sort((a, b) => b.similarity - a.similarity || (a.choice < b.choice ? 1 : -1))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ choice }) => choice)
}

/** Ratcliff and Obershelp's measure: twice the characters in common blocks over the characters of both. */
function similarity(a: string, b: string): number {
  return (2 * commonLength(a, b)) / (a.length + b.length)
}

function commonLength(a: string, b: string): number {
  let best = { inA: 0, inB: 0, length: 0 }
  for (let inA = 0; inA < a.length; inA++)
    for (let inB = 0; inB < b.length; inB++) {
      let length = 0
      while (inA + length < a.length && inB + length < b.length && a[inA + length] === b[inB + length])
        length++
      if (length > best.length) best = { inA, inB, length }
    }
  if (best.length === 0) return 0
  return (
    best.length +
    commonLength(a.slice(0, best.inA), b.slice(0, best.inB)) +
    commonLength(a.slice(best.inA + best.length), b.slice(best.inB + best.length))
  )
}
