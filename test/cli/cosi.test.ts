/** `lugsail cosi` as Kubernetes calls it: a client of gRPC with the published messages, the driver as it was built, and a real server. */
import { CosiLab } from './cosi-lab.ts'
import { describeDriver } from './cosi-suite.ts'

describeDriver(new CosiLab())
