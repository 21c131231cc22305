/** Loaded when it is asked for: most paths need nothing of it. */
const os = () => process.getBuiltinModule('node:os')

/** Expands `~`, `~user` (the current one only), `$NAME` and `${NAME}` in a path; what is not known stays as it is. */
export function expandPath(path: string, env: NodeJS.ProcessEnv): string {
  const home = path.replace(/^~([^/]*)(?=\/|$)/, (whole, user: string) => {
    if (user === '') return env['HOME'] ?? os().homedir()
    const { username, homedir } = os().userInfo()
    return user === username ? homedir : whole
  })
  return home.replace(
    /\$(?:([A-Za-z0-9_]+)|\{([^}]*)\})/g,
    (whole, plain: string | undefined, braced: string | undefined) => env[plain ?? braced ?? ''] ?? whole,
  )
}
