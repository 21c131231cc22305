// What a runner of GitHub Actions and an action say to each other: variables of the environment, lines on standard output, and files that it names.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** An input of the action, or undefined where it is empty. */
export function input(name) {
  const value = process.env[`INPUT_${name.toUpperCase()}`]?.trim()
  return value === '' ? undefined : value
}

/** What the step before the job's end is to know. */
export const saveState = (name, value) => writeTo('GITHUB_STATE', name, value)

/** What {@link saveState} kept, or undefined. */
export const state = (name) => process.env[`STATE_${name}`]

export const setOutput = (name, value) => writeTo('GITHUB_OUTPUT', name, value)

/** A variable for the steps that follow. */
export const exportVariable = (name, value) => writeTo('GITHUB_ENV', name, value)

/** Has the runner put stars in the place of a text in everything that is logged from here on. */
export const mask = (text) => command('add-mask', text)

/** Logs lines that one has to open to see. */
export function logGroup(title, text) {
  command('group', title)
  // Lines of others are no commands.
  const token = randomUUID()
  command('stop-commands', token)
  console.log(text)
  console.log(`::${token}::`)
  command('endgroup', '')
}

/** Says why the step fails. */
export function fail(message) {
  command('error', message)
  process.exitCode = 1
}

export const warn = (message) => command('warning', message)

function command(name, text) {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  console.log(`::${name}::${escaped}`)
}

function writeTo(variable, name, value) {
  const path = process.env[variable]
  if (path === undefined) throw new Error(`expected ${variable}: this runs in GitHub Actions`)
  // No value can hold a word that is drawn by lot.
  const end = `end-${randomUUID()}`
  appendFileSync(path, `${name}<<${end}\n${value}\n${end}\n`)
}
