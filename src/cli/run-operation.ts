import type { PageWalk } from '../client/pages.ts'
import { ClientError } from '../client/errors.ts'
import { writeJson } from '../client/json/write.ts'
import { validateInput } from '../client/validate-input.ts'
import type { WireRecord, WireValue } from '../client/values.ts'
import type { Operation, Pagination } from '../model/operation.ts'
import { addInputJson } from './arguments/input-json.ts'
import { unpackParameter } from './arguments/unpack.ts'
import type { UnpackContext } from './arguments/unpack.ts'
import { SettingError } from './config/settings.ts'
import type { ParsedArguments } from './grammar/argument.ts'
import {
  INPUT_JSON,
  INPUT_YAML,
  MAX_ITEMS,
  memberOptions,
  operationArguments,
  SKELETON,
  STARTING_TOKEN,
  writesKey,
} from './grammar/operation-options.ts'
import { parseArguments } from './grammar/parse-arguments.ts'
import type { KeyFiles } from './key-files/key-files.ts'
import type { OperationRun } from './operation-run.ts'
import { OutputError } from './output/output-error.ts'
import { OUTPUT_FORMATS, renderOutput } from './output/render.ts'
import type { OutputFormat } from './output/render.ts'
import { createClient, createFetchText, planClient } from './session.ts'
import type { Session } from './session.ts'
import { shownOn, writeStderr } from './standard-streams.ts'
import { UnknownOptionsError, UsageError } from './usage-error.ts'

type PagedOperation = Operation & { readonly pagination: Pagination }
const isPaged = (operation: Operation): operation is PagedOperation => operation.pagination !== undefined

/** Runs the command of an operation; gives the exit code. */
export async function runOperation(run: OperationRun): Promise<number> {
  const { session, operation, args } = run
  if (args.length === 1 && args[0] === 'help') return await run.showHelp()
  const parsed = parseArguments(args, operationArguments(operation, args))
  const word = parsed.values.get('help')
  if (word === 'help') return await run.showHelp()
  // An empty word that nothing else takes is passed over, as in the reference.
  const unknown = typeof word === 'string' && word !== '' ? [...parsed.rest, word] : parsed.rest
  if (unknown.length > 0) throw new UnknownOptionsError(unknown)
  const isWalk = isPaged(operation) && decidePaging(operation, session, parsed)
  const input = parsed.values.get(INPUT_JSON.key)
  const yaml = parsed.values.get(INPUT_YAML.key)
  const isSecretTold = Object.values(operation.input.members).some(({ shape }) => shape.isNeverTyped === true)
  const secrets = isSecretTold ? await import('./arguments/untyped-secrets.ts') : null
  secrets?.refuseTypedSecrets(operation, parsed.values, { [INPUT_JSON.name]: input, [INPUT_YAML.name]: yaml })
  const parameters = await buildParameters(run, parsed)
  // Asked for only here, as the reference does: wrong words on the command line come first.
  session.settings.requireProfile()
  if (typeof input === 'string' && typeof yaml === 'string')
    throw new UsageError(`Only one of ${INPUT_JSON.name} and ${INPUT_YAML.name} may be given`)
  if (typeof input === 'string') addInputJson(parameters, input, session.settings.env, secrets === null)
  if (typeof yaml === 'string')
    await (await import('./arguments/input-yaml.ts')).addInputYaml(parameters, yaml, session.settings.env)
  secrets?.trimSecrets(operation, parameters)
  const skeleton = parsed.values.get(SKELETON.key)
  if (skeleton === 'input') {
    const { inputSkeleton } = await import('./skeleton.ts')
    run.write(`${writeJson(inputSkeleton(operation.input), { indent: 4, isAscii: true })}\n`)
    return 0
  }
  if (skeleton === 'yaml-input') {
    run.write(await (await import('./yaml/skeleton.ts')).yamlInputSkeleton(operation.name))
    return 0
  }
  const plan = await planClient(session)
  if (plan.isFallback && operation.api !== undefined)
    throw new ClientError('Amazon has no such operation: name the endpoint of a Lugsail server.')
  if (skeleton === 'output' || skeleton === 'yaml-output') {
    if (session.settings.validatesParameters) validateInput(parameters, operation.input)
    const { outputSkeleton } = await import('./skeleton.ts')
    await show(run, outputSkeleton(operation.output), skeleton === 'yaml-output' ? 'yaml' : undefined)
    return 0
  }
  // What can fail on this side is found before anything is called.
  outputFormat(session)
  // Of a secret that is given nothing is lost with the response.
  const takingBack = secrets === null || writesKey(operation, parsed) ? operation.takenBackBy : undefined
  const renderOwn = (output: WireValue): Promise<string> => render(run, output)
  let keyFiles: KeyFiles | null = null
  if (takingBack !== undefined) {
    if (session.settings.validatesParameters) validateInput(parameters, operation.input)
    const { findKeyFiles, rehearse } = await import('./show-secret.ts')
    keyFiles = await findKeyFiles(run, parsed, plan)
    await rehearse(run, renderOwn, keyFiles)
  }
  const client = await createClient(session, plan)
  if (isWalk && isPaged(operation)) {
    const startingToken = parsed.values.get(STARTING_TOKEN.key)
    const itemsMax = parsed.values.get(MAX_ITEMS.key)
    const { PageWalk } = await import('../client/pages.ts')
    const walk = new PageWalk(client, operation, parameters, {
      ...(typeof startingToken === 'string' ? { startingToken } : {}),
      ...(typeof itemsMax === 'number' ? { itemsMax } : {}),
    })
    await showPages(run, walk)
  } else if (takingBack !== undefined) {
    const { callAndShow } = await import('./show-secret.ts')
    await callAndShow(run, client, { parameters, takingBack, keyFiles, render: renderOwn })
  } else await show(run, await client.call(operation, parameters))
  return 0
}

/** Whether the pages are walked: not with --no-paginate, nor when a page is asked for by its token. */
function decidePaging(
  { pagination }: PagedOperation,
  { globals }: Session,
  { values }: ParsedArguments,
): boolean {
  if (globals.isPaginated && !values.has(pagination.inputToken)) return true
  const used = [STARTING_TOKEN, MAX_ITEMS].filter(({ key }) => {
    const value = values.get(key)
    return value !== undefined && value !== '' && value !== 0
  })
  if (used.length > 0)
    throw new ClientError(
      `Error during pagination: Cannot specify --no-paginate along with pagination arguments: ${used.map(({ name }) => name).join(', ')}`,
    )
  return false
}

async function buildParameters(
  { session, operation }: OperationRun,
  { values }: ParsedArguments,
): Promise<WireRecord> {
  const { settings } = session
  // Whether URLs are fetched is a setting of the profile; a profile that does not exist is reported later.
  const follows = !settings.hasProfile || settings.followsUrlParameters
  const context: UnpackContext = {
    env: settings.env,
    fetchText: follows ? createFetchText(session) : undefined,
  }
  const parameters: WireRecord = new Map()
  for (const { name, key, memberName, member, constant } of memberOptions(operation)) {
    const typed = values.get(key)
    if (typed === undefined || constant === false) continue
    parameters.set(memberName, await unpackParameter(name, typed, member.shape, context))
  }
  const itemsMax = values.get(MAX_ITEMS.key)
  if (typeof itemsMax === 'number' && itemsMax <= 0)
    writeStderr('warning: Non-positive values for --max-items may result in undefined behavior.\n')
  return parameters
}

function outputFormat({ globals, settings }: Session): OutputFormat {
  const name = globals.output ?? settings.output
  const format = OUTPUT_FORMATS.find((known) => known === name)
  if (format === undefined) throw new SettingError(`Unknown output type: ${name}`)
  return format
}

async function show(run: OperationRun, output: WireValue, format?: OutputFormat): Promise<void> {
  try {
    run.write(await render(run, output, format))
  } catch (error) {
    if (error instanceof OutputError) run.write(shownOn(1, error.before))
    throw error
  }
}

/** Picks from an output and writes what is picked as text. @throws QueryError, OutputError */
async function render(run: OperationRun, output: WireValue, format?: OutputFormat): Promise<string> {
  const picked = run.query === undefined ? output : run.query.search(output)
  const { color } = run.session.globals
  return await renderOutput(run.operation.name, picked, {
    format: format ?? outputFormat(run.session),
    color,
  })
}

/** Text and streams show each page as it comes; the other formats show all pages as one output. */
async function showPages(run: OperationRun, walk: PageWalk): Promise<void> {
  const format = outputFormat(run.session)
  if (format === 'yaml-stream') {
    for await (const page of walk.pages()) await show(run, page)
    return
  }
  if (format !== 'text') {
    await show(run, await walk.collect())
    return
  }
  for await (const page of walk.pages())
    await show(run, new Map([[walk.resultName, page.get(walk.resultName) ?? null]]))
  if (walk.resumeToken !== undefined)
    await show(run, new Map([['NextToken', new Map([['NextToken', walk.resumeToken]])]]))
}
