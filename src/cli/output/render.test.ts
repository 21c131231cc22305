import { describe } from 'node:test'
import { testRecordedInProcess } from '../../../test/parity/recorded-in-process.ts'

describe('what is picked of an output, and its form, are those of AWS CLI v1', () =>
  testRecordedInProcess('output'))
