/** The data folder of a server that is told of none, and where the command looks for one. */
export const DATA_FOLDER_DEFAULT = 'lugsail-data'
