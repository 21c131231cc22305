#!/usr/bin/env bash
# Starts a Ceph cluster of one node (mon, osd with bluestore on a file, radosgw) for tests and benchmarks, and stops it.
#   ceph-rgw.sh start FOLDER PORT ACCESS_KEY SECRET_KEY   answers S3 on 127.0.0.1:PORT when it returns (about 20 s)
#   ceph-rgw.sh stop FOLDER
#   ceph-rgw.sh pids FOLDER                               process ids, one a line
# Needs Debian's ceph-mon, ceph-osd, ceph-common and radosgw. Everything lies in FOLDER; PORT + 1 is the monitor's.
set -euo pipefail

verb=${1:-} folder=${2:-}
case $verb in
  start | stop | pids) [ -n "$folder" ] || { sed -n 2,6p "$0" >&2; exit 2; } ;;
  *) sed -n 2,6p "$0" >&2; exit 2 ;;
esac

if [ "$verb" = pids ]; then
  cat "$folder"/run/*.pid
  exit
fi

if [ "$verb" = stop ]; then
  for name in radosgw osd.0 mon.a; do
    pid=$(cat "$folder/run/$name.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  exit
fi

port=$3 access_key=$4 secret_key=$5
monitor="v2:127.0.0.1:$((port + 1))"
cluster_id=$(cat /proc/sys/kernel/random/uuid)
osd_id=$(cat /proc/sys/kernel/random/uuid)
folder=$(realpath -m "$folder")
mkdir -p "$folder"/{mon,osd/0,rgw,log,run}
export CEPH_CONF=$folder/ceph.conf

# One replica, eight placement groups a pool: small on purpose. Logs go to files; log levels are Ceph's own.
cat > "$CEPH_CONF" <<CONF
[global]
fsid = $cluster_id
mon_host = $monitor
mon_initial_members = a
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_crush_chooseleaf_type = 0
mon_max_pg_per_osd = 1000
public_network = 127.0.0.0/8
log_file = $folder/log/\$name.log
admin_socket = $folder/run/\$name.asok
pid_file = $folder/run/\$type.\$id.pid
run_dir = $folder/run
mon_data = $folder/mon/a
osd_data = $folder/osd/0
osd_objectstore = bluestore
bluestore_block_size = 21474836480
osd_memory_target = 1073741824
[client.rgw]
rgw_data = $folder/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port
ms_mon_client_mode = crc
keyring = $folder/keyring
pid_file = $folder/run/radosgw.pid
CONF

{
  ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *'
  monmaptool --create --addv a "[$monitor]" --fsid "$cluster_id" "$folder/monmap"
  ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring"
  ceph-mon -i a
  ceph --connect-timeout 20 osd new "$osd_id"
  ceph-osd -i 0 --mkfs --osd-uuid "$osd_id"
  ceph-osd -i 0
  for _ in $(seq 120); do ceph osd stat | grep -q '1 up' && break; sleep 0.25; done
  radosgw-admin -n client.rgw user create --uid=lugsail --display-name=lugsail \
    --access-key="$access_key" --secret-key="$secret_key"
  radosgw -n client.rgw
} > "$folder/log/start.log" 2>&1 || { tail -n 5 "$folder/log/start.log" >&2; exit 1; }

for _ in $(seq 120); do
  (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null && exit 0
  sleep 0.25
done
echo "radosgw does not answer on port $port; see $folder/log" >&2
exit 1
