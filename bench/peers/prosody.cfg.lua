-- One-to-one messages between online accounts of one domain, each archived in PostgreSQL. Nothing holds the load back.
data_path = "$folder"
pidfile = "$folder/prosody.pid"
log = { info = "*console" }
run_as_root = false
admins = {}
modules_enabled = { "carbons"; "disco"; "http"; "mam"; "offline"; "ping"; "roster"; "saslauth"; "websocket" }
modules_disabled = { "s2s"; "tls" }
interfaces = { "127.0.0.1" }
http_interfaces = { "127.0.0.1" }
http_ports = { $port }
https_ports = {}
c2s_ports = {}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
authentication = "internal_plain"
storage = { default = "internal"; archive = "sql" }
sql = { driver = "PostgreSQL"; host = "127.0.0.1"; port = $database_port; database = "$database"; username = "chat"; password = "" }
default_archive_policy = true
archive_expires_after = "never"
limits = {}
VirtualHost "localhost"
