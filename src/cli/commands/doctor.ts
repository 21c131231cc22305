import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CredentialError } from '../credentials/credential-error.ts'
import { examineFolder } from '../doctor/examine-folder.ts'
import { examineKey, examineRegion } from '../doctor/examine-key.ts'
import { examineServer } from '../doctor/examine-server.ts'
import { findingsOf, reportOf, type Finding } from '../doctor/finding.ts'
import { globalValues } from '../grammar/global-options.ts'
import { openSession, planClient, tlsSettings, type ClientPlan, type Session } from '../session.ts'
import { writeStdout } from '../standard-streams.ts'
import type { CommandRunner } from './command.ts'
import { dataFolderAtHand } from './server-credentials.ts'
import { readTextOptions } from './text-options.ts'

const USAGE = `Usage: lugsail doctor [--profile NAME] [--endpoint-url URL] [--region NAME]
                      [--ca-bundle FILE] [--data DIR] [--json]

Looks at what commands need to reach a server: endpoint, TLS, clock, access key,
region, addressing, and the disk when the server's data folder is at hand. One
line each: OK, or ! and what to do. Changes nothing; the only signed call asks
for the account's buckets. Exit code 0 when all is well, else 1.

  --profile NAME, --endpoint-url URL, --region NAME, --ca-bundle FILE
                   as for every command
  --data DIR       the server's data folder; lugsail-data when absent
  --json           the findings as JSON
`

const JSON_FLAG = '--json'

/** `lugsail doctor`: looks for what keeps commands from working. */
export const run: CommandRunner = async ({ args, env }) => {
  const options = readTextOptions(
    'doctor',
    ['profile', 'endpoint-url', 'region', 'ca-bundle', 'data'],
    args.filter((word) => word !== JSON_FLAG),
  )
  if (options === undefined) {
    writeStdout(USAGE)
    return 0
  }
  const session = openSession(
    globalValues(
      new Map(
        Object.entries({
          profile: options.profile,
          endpointUrl: options['endpoint-url'],
          region: options.region,
          caBundle: options['ca-bundle'],
        }).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]])),
      ),
    ),
    env,
  )
  const findings = await examine(session, options.data ?? dataFolderAtHand(env), options.data !== undefined)
  writeStdout(
    args.includes(JSON_FLAG)
      ? `${JSON.stringify(
          findings.map(({ check, isOk, found, advice }) => ({ check, ok: isOk, found, advice })),
          null,
          4,
        )}\n`
      : reportOf(findings),
  )
  return findings.every(({ isOk }) => isOk) ? 0 : 1
}

async function examine(session: Session, folder: string, isFolderNamed: boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  const plan = await planOrFinding(session)
  if ('check' in plan) findings.push(plan)
  else if (plan.isFallback)
    findings.push(
      findingsOf('endpoint').bad(
        `none is set, so commands go to Amazon (${plan.endpoint})`,
        'lugsail use && export AWS_PROFILE=lugsail',
      ),
      examineRegion(plan.region),
    )
  else {
    const server = await examineServer(plan.endpoint, tlsSettings(session))
    const region = examineRegion(plan.region)
    findings.push(...server, region)
    // A signature for a region that there is not says nothing about its key.
    if (server[0]?.isOk === true && region.isOk) findings.push(await examineKey(session, plan))
  }
  if (existsSync(join(folder, 'credentials'))) findings.push(...examineFolder(folder))
  else if (isFolderNamed)
    findings.push(
      findingsOf('disk').bad(
        `${folder} is no data folder of a server`,
        '--data names the folder that "lugsail serve" was given',
      ),
    )
  return findings
}

/** What stops every command stops here too, but as a finding. */
async function planOrFinding(session: Session): Promise<ClientPlan | Finding> {
  try {
    session.settings.requireProfile()
    return await planClient(session)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return findingsOf(error instanceof CredentialError ? 'key' : 'endpoint').bad(
      message,
      'lugsail use && export AWS_PROFILE=lugsail',
    )
  }
}
