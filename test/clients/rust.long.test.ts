import { testSteps } from './go-through-steps.ts'
import { RUST } from './programs.ts'

testSteps(RUST)
