import { describeGatewayRaces } from './races.ts'

describeGatewayRaces(Number(process.env['LUGSAIL_RACE_ROUNDS'] ?? 120))
