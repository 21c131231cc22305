import { describeGatewayRaces } from './races.ts'

describeGatewayRaces(1)
