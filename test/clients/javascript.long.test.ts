import { testSteps } from './go-through-steps.ts'
import { JAVASCRIPT } from './programs.ts'

testSteps(JAVASCRIPT)
