/** What is said of a fault of this program, with its line ends; the trace for `--debug` is not in it. */
export const faultReport = (error: unknown): string =>
  `
lugsail: internal fault: ${String(error)}
This is a fault of lugsail, not of what was typed. Please report it as an issue of Lugsail's repository: the command without its secrets,
lugsail --version, and what the same command shows with --debug.
`
