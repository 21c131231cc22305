import { ConfigurationError, StartFailure } from '../configuration/errors.ts'

/** Ports below it are for root, and for processes with a capability. */
const FREE_PORTS_FROM = 1024

/** What is wrong with an address that cannot be listened on; other errors come back as they are. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return new StartFailure(
      `listen: another process listens on ${where} already; choose another port, as in --listen ${host}:${port + 1}`,
    )
  }
  if (error.code === 'EACCES') {
    return new ConfigurationError(
      `listen: no permission to listen on ${where}${port < FREE_PORTS_FROM ? `; ports below ${FREE_PORTS_FROM} need the capability CAP_NET_BIND_SERVICE, as the unit in deploy/ gives it` : ''}`,
    )
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    // A network interface may come up later than the server.
    return new StartFailure(`listen: this machine has no address ${host}`)
  }
  return error
}
