import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { BooleanValue, StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'

/** Tells what the server is. */
export const getServerInfo = operation('GetServerInfo', {
  api: 'lugsail',
  doc: 'Tells which version of Lugsail answers, on which version of Node.js.',
  input: structure({}, { name: 'GetServerInfoRequest' }),
  output: structure(
    {
      version: required(StringValue),
      nodeVersion: required(StringValue),
      keepsAuditLog: required(BooleanValue, {
        doc: 'Whether an audit log is kept, which GetAuditLog shows.',
      }),
    },
    { name: 'GetServerInfoResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
