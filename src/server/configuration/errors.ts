/** The server cannot start with what it was told; the message names the setting, its source and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
