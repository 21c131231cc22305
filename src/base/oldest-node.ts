/** The oldest Node that can run it. */
const NODE_MIN = [20, 19] as const

/** What whoever runs it is told by an older Node, and by what it cannot tell the version of; null: this one can. */
export function refusalOfNode(version: string, executable: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return null
  return `lugsail: Node.js ${NODE_MIN.join('.')} or later is needed, and this is ${version} (${executable})\n`
}
