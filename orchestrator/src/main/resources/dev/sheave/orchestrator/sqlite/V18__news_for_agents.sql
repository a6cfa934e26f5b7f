-- here agents see each change; the version is that of PostgreSQL's tables

pragma user_version = 18;
