/** What a test asked of its server cannot be: the message names what was wrong and what is allowed. */
export class InvalidInput extends TypeError {
  override readonly name = 'InvalidInput'
}
