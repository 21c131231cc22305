/** The part of a command of the SDK that is used here. */
interface ExtensibleCommand {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options:
        | { readonly step: 'build'; readonly name: string }
        | { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void
  }
}

type Handler = (args: { readonly request: unknown }) => Promise<unknown>

/** Headers by their names in lower case; what is undefined is not sent. */
type Headers = Readonly<Record<string, string | undefined>>

const ASCII = /^[\x20-\x7e\t]*$/

/** Whether a header's value has no bytes but those of ASCII. */
export const isAscii = (value: string): boolean => ASCII.test(value)

/**
 * Has a command send headers, as they are, that the SDK has no words for or would change. Those beyond ASCII are not signed, since the SDK signs other
 * bytes than it sends.
 */
export function withHeaders<C extends object>(command: C, headers: Headers): C {
  const { middlewareStack } = command as unknown as ExtensibleCommand
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const set =
    (chosen: readonly (readonly [string, string])[]) =>
    (next: Handler): Handler =>
    (args) => {
      const { request } = args
      if (typeof request === 'object' && request !== null && 'headers' in request)
        for (const [name, value] of chosen) Object.assign(request.headers as object, { [name]: value })
      return next(args)
    }
  middlewareStack.add(set(given.filter(([, value]) => isAscii(value))), {
    step: 'build',
    name: 'lugsail-headers',
  })
  middlewareStack.add(set(given.filter(([, value]) => !isAscii(value))), {
    step: 'deserialize',
    priority: 'low',
    name: 'lugsail-unsigned-headers',
  })
  return command
}
