import { Float, Instant } from '../client/values.ts'
import type { WireRecord, WireValue } from '../client/values.ts'
import type { Shape } from '../model/shape.ts'

const SAMPLE_TIME = new Instant('1970-01-01T00:00:00')

/** A value of each member of a shape, to be filled in: empty texts, or the first of the texts allowed. */
export const inputSkeleton = (shape: Shape): WireValue => sample(shape, (text) => text.values?.[0] ?? '')

/** What an output looks like: each text is the name of its member. `time`: how times are written. */
export const outputSkeleton = (shape: Shape, time: WireValue = SAMPLE_TIME): WireValue =>
  sample(shape, (_text, name) => name, '', time)

type SampleText = (shape: Extract<Shape, { type: 'string' }>, name: string) => string

function sample(shape: Shape, sampleText: SampleText, name = '', time: WireValue = SAMPLE_TIME): WireValue {
  switch (shape.type) {
    case 'structure': {
      const record: WireRecord = new Map()
      for (const [memberName, { shape: memberShape }] of Object.entries(shape.members))
        record.set(memberName, sample(memberShape, sampleText, memberName, time))
      return record
    }
    case 'list':
      return [sample(shape.member, sampleText, shape.member.name ?? '', time)]
    case 'string':
      return sampleText(shape, name)
    case 'integer':
    case 'long':
      return 0
    case 'float':
    case 'double':
      return new Float(0)
    case 'boolean':
      return true
    case 'timestamp':
      return time
    case 'map':
    case 'stream':
      return new Map()
  }
}
