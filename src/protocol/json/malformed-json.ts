/** A JSON body that cannot be read as the operation's input. The message says what was expected, what came, and where. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson'
}
