import { text } from '../setting.ts'

/** What seals the secrets in the store. */
export const secretsSettings = {
  masterKey: text({
    group: 'Secrets',
    option: 'master-key',
    placeholder: 'SOURCE',
    allowed: 'file:PATH, env:NAME or command:COMMAND',
    default: null,
    defaultText: '`file:DIR/master.key`',
    pattern: /^(?:file:.+|env:[A-Za-z_][A-Za-z0-9_]*|command:.+)$/,
    doc: 'Where the key comes from that encrypts the secrets in the store, as lines of 32 bytes in hexadecimal or base64; the last line seals, all of them open. A missing file is made at the first start. Keep a copy of it apart from backups of the store: nobody can sign in to a store without its key.',
  }),
} as const
