// A manual page out of what the command says of itself.

/** The page `name`(1), as groff reads it. `help` stands there line by line, as it is printed. */
export function manualPage({ name, about, version, help }) {
  return [
    `.TH ${name.toUpperCase()} 1 "" "Lugsail ${version}" "User Commands"`,
    '.SH NAME',
    `${quoted(name)} \\- ${quoted(about)}`,
    '.SH SYNOPSIS',
    `${quoted(name.replace('-', ' '))} [options] <command> [parameters]`,
    '.SH DESCRIPTION',
    '.nf',
    ...help.trimEnd().split('\n').map(quoted),
    '.fi',
    '.SH SEE ALSO',
    'lugsail(1), lugsail\\-serve(1); each command tells more of itself with "help" behind it.',
    '',
  ].join('\n')
}

/** Nothing of it is an instruction of groff. */
const quoted = (line) =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
