/** Names of profiles, remotes and entries of a keyring that all programs read the same, and none as an option. */
export const ENTRY_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/
