#!/bin/sh
# A bin's whole story over REST, call by call, with the example payloads of the API specification:
# "Complete Order Lifecycle", "Bin Collection Reminder" and "Driver Cash Collection".
#
#   LATTIS_URL=http://localhost:3000 docs/examples/rental.sh [name of this run]
#
# Needs curl, python3 and a running copy with demo data. Every run makes records of its own, named after the run.
# It stops with exit status 1 at the first answer that is not the expected one.
#
# Where the product's contract differs from the specification:
# - Delivery order: names its introducer, so that a commission waits for the payment; `booking_id` fulfils the booking.
# - Invoice from a delivery order: issued at once; `"issue": false` leaves the draft for step 5.
# - Commission: eligible a moment after the invoice is paid, by a job; then approved, then paid.
# - Driver's receipt: may come before the invoice; the money is applied when the invoice is issued.
# - Status `collected` itself records the bin's way in; the movement of step 4 takes it on into the warehouse.
# - Phones are answered in international form: 012-3456789 becomes +60123456789.
# - The demo data has the specification's driver already, so that he is looked up, not created.
set -eu

URL=${LATTIS_URL:-http://localhost:3000}
RUN=${1:-$(date +%y%m%d%H%M%S)}
WORK=$(mktemp -d)
ANSWER=$WORK/answer
EVENTS=$WORK/events
WAITING=
trap 'test -z "$WAITING" || kill "$WAITING" 2>/dev/null; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM

# shown: the answer as readable JSON, without secrets.
shown() {
    python3 -IS -c '
import json, sys
text = sys.stdin.read()
try:
    answer = json.loads(text)
except ValueError:
    sys.exit(text)
hide = {"access_token", "refresh_token"}
def known(value):
    if isinstance(value, dict):
        return {name: "…" if name in hide else known(each) for name, each in value.items()}
    return [known(each) for each in value] if isinstance(value, list) else value
print(json.dumps(known(answer), indent=2, ensure_ascii=False))' <"$ANSWER"
}

# pick data.id: one value of the last answer. `data[delivery_order_id=…].id` looks in a list.
pick() {
    python3 -IS -c '
import json, re, sys
value = json.load(sys.stdin)
for name, key, wanted in re.findall(r"(\w+)(?:\[(\w+)=([^]]+)])?", sys.argv[1]):
    value = value[int(name)] if name.isdecimal() else value[name]
    if key:
        value = next((each for each in value if str(each[key]) == wanted), {})
        if not value:
            sys.exit(1)
print(value)' "$1" <"$ANSWER"
}

# call STATUS METHOD PATH TOKEN [curl options]: prints the call and its answer; another status ends the run.
SENT=
call() {
    expected=$1 method=$2 path=$3 token=$4
    shift 4
    printf '\n> %s %s\n%s' "$method" "$path" "${SENT:+$SENT
}"
    SENT=
    status=$(curl -sS -g -o "$ANSWER" -w '%{http_code}' -X "$method" "$URL$path" ${token:+-H "Authorization: Bearer $token"} "$@")
    printf '< %s\n' "$status"
    shown
    test "$status" = "$expected" || { echo "Expected $expected, not $status: $method $path" >&2; exit 1; }
}

# send STATUS METHOD PATH TOKEN JSON: a call with a JSON body, under an Idempotency-Key of its own.
KEYS=0
send() {
    KEYS=$((KEYS + 1))
    SENT=$5
    call "$1" "$2" "$3" "$4" -H 'Content-Type: application/json' -H "Idempotency-Key: $RUN-$KEYS" -d "$5"
}

# is PATH VALUE: the last answer says so, or the run ends.
is() {
    found=$(pick "$1") || found=nothing
    test "$found" = "$2" || { echo "Expected $1 to be $2, not $found" >&2; exit 1; }
}

# until_found NAME COMMAND…: tries for ten seconds what a job does a moment later.
until_found() {
    what=$1 tries=40
    shift
    until "$@"; do
        tries=$((tries - 1))
        test "$tries" -gt 0 || { echo "Waited in vain for $what" >&2; exit 1; }
        sleep 0.25
    done
}

title() { printf '\n\n== %s ==\n' "$1"; }

# photo NUMBER: a small picture, another one for every number.
photo() {
    python3 -IS -c '
import struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
row = b"\0" + bytes((60 * int(sys.argv[1]), 120, 112)) * 64
sys.stdout.buffer.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
                        + chunk(b"IDAT", zlib.compress(row * 64)) + chunk(b"IEND", b""))' "$1" >"$WORK/photo$1.png"
}

# make_bin SUFFIX: a new bin of the specification's size; prints nothing, leaves the answer.
make_bin() {
    send 201 POST /v1/bins "$ADMIN" '{
  "serial_number": "ASR-'"$RUN-$1"'",
  "size": {"h_ft": 4, "l_ft": 12, "w_ft": 6},
  "area": "Klang Valley",
  "state": "Selangor"
}'
}

# make_order BIN SUFFIX EXTRA: a delivery order as the specification shows it, plus the extra fields.
make_order() {
    send 201 POST /v1/delivery-orders "$ADMIN" '{
  "customer_id": "'"$CUSTOMER"'",
  "driver_id": "'"$DRIVER_ID"'",
  "lorry_id": "'"$LORRY"'",
  "inventory_bin_id": "'"$1"'",
  "do_by_name": "John Doe",
  "company_name": "ABC Construction",
  "phone": "+60123456789",
  "do_book_number": "AS-2025-'"$RUN-$2"'",
  "bin_size": {
    "h_ft": 4,
    "l_ft": 12,
    "w_ft": 6
  },
  "payment_method": "CASH",
  "amount": 350.00,
  "weight_kg": 1200,
  "waste_items": [
    {
      "waste_item_id": "'"$WASTE"'",
      "description": "Construction debris",
      "quantity": 1,
      "unit": "load",
      "price": 350.00
    }
  ]'"$3"'
}'
    is data.status issued
}

# step ORDER STATUS: the driver's next step.
step() {
    send 200 PATCH "/v1/delivery-orders/$1/status" "$DRIVER" '{"status": "'"$2"'"}'
    is data.fulfilment_status "$2"
}

# deliver ORDER: the driver starts, takes three photos, and sets the bin down.
deliver() {
    step "$1" started
    call 201 POST "/v1/delivery-orders/$1/attach" "$DRIVER" \
        -F "files[]=@$WORK/photo1.png" -F "files[]=@$WORK/photo2.png" -F "files[]=@$WORK/photo3.png"
    is data.photo_count 3
    step "$1" delivered
}

for number in 1 2 3; do photo "$number"; done

title 'Signing in'
send 200 POST /v1/auth/login '' '{
  "email": "admin@lattis.com",
  "password": "'"${LATTIS_PASSWORD:-lattis-demo}"'"
}'
ADMIN=$(pick data.access_token)
send 200 POST /v1/auth/driver-login '' '{
  "driverName": "Ahmad Rahman",
  "icNumber": "920815-14-5678",
  "phoneNumber": "012-3456789"
}'
DRIVER=$(pick data.access_token)
call 200 GET /v1/me "$DRIVER"
DRIVER_ID=$(pick data.subject_id)

title 'What the story needs'
send 201 POST /v1/customers "$ADMIN" '{
  "company_name": "ABC Construction Sdn Bhd",
  "contact_name": "John Doe",
  "phone": "+60123456789",
  "email": "john@abc.com",
  "address": "456 Jalan Puchong, 47100 Puchong",
  "gst_no": "GST123456789",
  "sst_no": "SST987654321"
}'
CUSTOMER=$(pick data.id)
send 201 POST /v1/lorries "$ADMIN" '{"registration_no": "W '"$RUN"'", "type": "Arm roll", "capacity_kg": 8000}'
LORRY=$(pick data.id)
send 201 POST /v1/waste-items "$ADMIN" '{"name": "Construction debris '"$RUN"'", "unit": "load", "price": 350.00}'
WASTE=$(pick data.id)
make_bin 1
BIN=$(pick data.id)

title 'Complete Order Lifecycle'
echo '1. Admin/Driver creates booking'
send 201 POST /v1/bookings "$ADMIN" '{
  "customer_id": "'"$CUSTOMER"'",
  "requested_bin_size": {
    "h_ft": 4,
    "l_ft": 12,
    "w_ft": 6
  },
  "area": "Klang Valley",
  "state": "Selangor",
  "scheduled_at": "2024-01-15T09:00:00Z",
  "notes": "Construction site delivery"
}'
BOOKING=$(pick data.id)
is data.status pending

echo '2. Admin assigns driver and lorry'
send 200 POST "/v1/orders/$BOOKING/assign" "$ADMIN" '{
  "driver_id": "'"$DRIVER_ID"'",
  "lorry_id": "'"$LORRY"'"
}'
is data.status assigned

echo '3. Admin issues delivery order'
make_order "$BIN" 1 ',
  "booking_id": "'"$BOOKING"'",
  "introducer_name": "John Referrer"'
ORDER=$(pick data.id)
NUMBER=$(pick data.system_do_number)
call 200 GET "/v1/bookings/$BOOKING" "$ADMIN"
is data.status fulfilled

echo '4. System auto-creates invoice draft'
send 201 POST "/v1/invoices/from-do/$ORDER" "$ADMIN" '{"issue": false}'
INVOICE=$(pick data.id)
is data.status draft

echo '5. Admin issues invoice'
send 200 POST "/v1/invoices/$INVOICE/issue" "$ADMIN" '{}'
is data.status issued
is data.total 350.0

echo '6. Customer makes payment'
send 201 POST "/v1/invoices/$INVOICE/payments" "$ADMIN" '{
  "method": "ONLINE",
  "amount": 350.00,
  "reference": "Bank transfer ref: TXN123456"
}'
RECEIPT=$(pick data.receipt_number)

echo '7. Receipt automatically generated'
call 200 GET "/v1/invoices/$INVOICE/receipts" "$ADMIN"
is data.0.receipt_number "$RECEIPT"

echo '8. Commission becomes eligible'
eligible() {
    call 200 GET '/v1/commissions?status=eligible&limit=100' "$ADMIN" >"$WORK/shown"
    pick "data[delivery_order_id=$ORDER].id" >"$WORK/commission"
}
until_found 'the commission' eligible
cat "$WORK/shown"
COMMISSION=$(cat "$WORK/commission")
send 200 POST "/v1/commissions/$ORDER/approve" "$ADMIN" '{
  "amount": 50.00,
  "introducer_name": "John Referrer"
}'
is data.status approved
send 200 POST "/v1/commissions/$COMMISSION/pay" "$ADMIN" '{
  "payment_method": "BANK_TRANSFER",
  "reference": "Commission payment for '"$NUMBER"'"
}'
is data.status paid

title 'Bin Collection Reminder'
deliver "$ORDER"
curl -sS -N --max-time 60 -H "Authorization: Bearer $ADMIN" "$URL/v1/events" >"$EVENTS" 2>"$WORK/events.err" &
WAITING=$!
until_found 'the stream of events' test -s "$EVENTS"

echo '1. After delivery, schedule reminder'
send 201 POST "/v1/delivery-orders/$ORDER/collection-reminder" "$ADMIN" '{
  "reminder_type": "same_day",
  "scheduled_date": "2024-01-20T10:00:00Z"
}'

echo '2. Notification sent via WebSocket/SSE'
until_found 'reminder.scheduled' grep -q '^event: reminder.scheduled' "$EVENTS"
grep -A 2 '^event: reminder.scheduled' "$EVENTS"

echo '3. Driver collects bin and updates status'
step "$ORDER" collected

echo '4. Bin movement recorded'
send 201 POST "/v1/bins/$BIN/movements" "$ADMIN" '{
  "movement_type": "IN",
  "related_do_id": "'"$ORDER"'",
  "area": "Klang Valley",
  "state": "Selangor",
  "notes": "Back from the customer"
}'
is data.to_status in_warehouse
call 200 GET "/v1/bins/$BIN/movements" "$ADMIN"
step "$ORDER" done
is data.status closed

title 'Driver Cash Collection'
make_bin 2
CASH_BIN=$(pick data.id)
make_order "$CASH_BIN" 2 ''
CASH_ORDER=$(pick data.id)
deliver "$CASH_ORDER"

echo '1. Driver collects cash on site'
send 201 POST "/v1/delivery-orders/$CASH_ORDER/receipt" "$DRIVER" '{
  "payment_method": "CASH",
  "amount": 350.00,
  "reference": "Cash collected on site"
}'

echo '2. Receipt number returned immediately'
CASH_RECEIPT=$(pick data.receipt_number)
echo "$CASH_RECEIPT"

echo '3. Later reconciled against invoice'
send 201 POST "/v1/invoices/from-do/$CASH_ORDER" "$ADMIN" '{}'
CASH_INVOICE=$(pick data.id)
is data.status paid
is data.balance 0.0
call 200 GET "/v1/invoices/$CASH_INVOICE/receipts" "$ADMIN"
is data.0.receipt_number "$CASH_RECEIPT"
call 200 GET /v1/me/cash "$DRIVER"
step "$CASH_ORDER" collected
step "$CASH_ORDER" done
is data.status closed

title 'Done'
cat <<END
booking=$BOOKING
delivery_order=$ORDER
invoice=$INVOICE
receipt=$RECEIPT
commission=$COMMISSION
bin=$BIN
cash_delivery_order=$CASH_ORDER
cash_invoice=$CASH_INVOICE
cash_receipt=$CASH_RECEIPT
cash_bin=$CASH_BIN
END
