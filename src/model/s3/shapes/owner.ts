import { structure } from '../../shape.ts'
import { StringValue } from './primitives.ts'

/** The account that owns something, by its canonical id. */
export const Owner = structure({ ID: StringValue, DisplayName: StringValue }, { name: 'Owner' })
