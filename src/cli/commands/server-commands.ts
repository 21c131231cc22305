/** The commands that bin/lugsail gives to the server's bundle, with a line of help each. */
export const SERVER_COMMANDS: Readonly<Record<string, string>> = {
  serve: 'Starts the server: control plane and S3 on one port',
  account: 'Keeps accounts; over the network, create-account and others do',
  resource: 'Names the resources that can be given access to a bucket',
  store: 'Looks after the stored data',
}
