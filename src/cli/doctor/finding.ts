/** What was found of one thing that has to be right for commands to work. */
export interface Finding {
  readonly check: 'endpoint' | 'tls' | 'clock' | 'key' | 'region' | 'addressing' | 'disk'
  readonly isOk: boolean
  /** What is so. */
  readonly found: string
  /** What to do; only where something is not as it should be. */
  readonly advice?: string
}

/** Makes the findings of one check. */
export function findingsOf(check: Finding['check']): {
  readonly ok: (found: string) => Finding
  readonly bad: (found: string, advice: string) => Finding
} {
  return {
    ok: (found) => ({ check, isOk: true, found }),
    bad: (found, advice) => ({ check, isOk: false, found, advice }),
  }
}

/** One line for each, with what to do behind what was found. */
export function reportOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length)) + 2
  return findings
    .map(({ check, isOk, found, advice }) => {
      const text = advice === undefined ? found : `${found.trim().replace(/[.:]$/, '')}: ${advice}`
      return `${isOk ? 'OK' : '! '}  ${check.padEnd(width)}${text.replace(/\s+/g, ' ')}\n`
    })
    .join('')
}
