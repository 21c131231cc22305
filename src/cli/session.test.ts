import { describe } from 'node:test'
import { testRecordedInProcess } from '../../test/parity/recorded-in-process.ts'

describe('settings of the environment and of files count as with AWS CLI v1', () =>
  testRecordedInProcess('settings'))
