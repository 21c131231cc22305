/** The server cannot start with what it was told; the message names the setting, its source and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/**
 * The server cannot start as things are now, with settings that may well be right: the port is taken, the store does not answer, the disk is full.
 * Another start may succeed, so the exit code is 1, and not the 2 with which a service manager gives up.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
}

/** What the system says that stays so until somebody changes the settings or the machine. */
const LASTING = ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENOENT', 'ELOOP', 'ENAMETOOLONG']

/** Why the start ended, by what the system said of it: what stays as it is is a ConfigurationError, a full disk is none. */
export function startError(message: string, cause: unknown): ConfigurationError | StartFailure {
  const code = systemCode(cause)
  return code === null || LASTING.includes(code)
    ? new ConfigurationError(message, { cause })
    : new StartFailure(message, { cause })
}

/** The code that the system gave, perhaps for an error that this one stands for; null when there is none. */
function systemCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error) return String(error.code)
  return systemCode(error.cause)
}
