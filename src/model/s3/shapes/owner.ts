import { structure } from '../../shape.ts'
import { StringValue } from './primitives.ts'

export const Owner = structure({ ID: StringValue, DisplayName: StringValue }, { name: 'Owner' })
