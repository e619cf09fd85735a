"""The views `orders` and `fills`: what a person asks a journal first, in plain SQL."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Both databases read JSON by -> and ->>; they differ in how an array becomes rows, and in the account.
_FILLS = """
CREATE VIEW fills AS
WITH heard AS (
  SELECT {account} seq, at_ms, id, symbol,
    CAST(body->'event'->>'i' AS BIGINT) AS order_id,
    CAST(body->'event'->>'t' AS BIGINT) AS trade_id,
    CAST(body->'event'->>'a' AS BIGINT) AS allocation_id,
    body->'event'->>'S' AS side,
    body->'event'->>'L' AS price,
    body->'event'->>'l' AS quantity,
    body->'event'->>'n' AS commission,
    body->'event'->>'N' AS commission_asset,
    CAST(body->'event'->>'m' AS TEXT) IN ('1', 'true') AS is_maker
  FROM entries WHERE kind = 'reported' AND body->'event'->>'x' = 'TRADE'
  UNION ALL
  SELECT {account} seq, at_ms, entries.id, symbol,
    CAST(body->'answer'->>'orderId' AS BIGINT),
    CAST(fill.value->>'tradeId' AS BIGINT),
    CAST(fill.value->>'allocId' AS BIGINT),
    body->'answer'->>'side',
    fill.value->>'price',
    fill.value->>'qty',
    fill.value->>'commission',
    fill.value->>'commissionAsset',
    {no}
  FROM entries, {each}(body->'answer'->'fills') AS fill WHERE kind = 'placed'
  UNION ALL
  SELECT {account} seq, at_ms, leg.value->>'clientOrderId', leg.value->>'symbol',
    CAST(leg.value->>'orderId' AS BIGINT),
    CAST(fill.value->>'tradeId' AS BIGINT),
    CAST(fill.value->>'allocId' AS BIGINT),
    leg.value->>'side',
    fill.value->>'price',
    fill.value->>'qty',
    fill.value->>'commission',
    fill.value->>'commissionAsset',
    {no}
  FROM entries, {each}(body->'answer'->'orderReports') AS leg, {each}(leg.value->'fills') AS fill
  WHERE kind = 'listPlaced'
  UNION ALL
  SELECT {account} seq, CAST(body->'trade'->>'time' AS BIGINT), NULL, symbol,
    CAST(body->'trade'->>'orderId' AS BIGINT),
    CAST(body->'trade'->>'id' AS BIGINT),
    NULL,
    CASE WHEN CAST(body->'trade'->>'isBuyer' AS TEXT) IN ('1', 'true') THEN 'BUY' ELSE 'SELL' END,
    body->'trade'->>'price',
    body->'trade'->>'qty',
    body->'trade'->>'commission',
    body->'trade'->>'commissionAsset',
    CAST(body->'trade'->>'isMaker' AS TEXT) IN ('1', 'true')
  FROM entries WHERE kind = 'tradeRead'
), numbered AS (
  SELECT heard.*, ROW_NUMBER() OVER (
    PARTITION BY {account} symbol, trade_id, allocation_id
    ORDER BY CASE WHEN id IS NULL THEN 1 ELSE 0 END, seq
  ) AS place FROM heard
)
SELECT {account} seq, at_ms, id, symbol, order_id, trade_id, allocation_id, side, price, quantity,
  commission, commission_asset, is_maker
FROM numbered WHERE place = 1
"""

_ORDERS = """
CREATE VIEW orders AS
WITH heard AS (
  SELECT {account} seq, CAST(body->'event'->>'T' AS BIGINT) AS updated_ms, id, symbol,
    CAST(body->'event'->>'i' AS BIGINT) AS order_id,
    body->'event'->>'S' AS side,
    body->'event'->>'o' AS type,
    body->'event'->>'p' AS price,
    body->'event'->>'q' AS quantity,
    body->'event'->>'z' AS executed,
    body->'event'->>'X' AS status
  FROM entries WHERE kind = 'reported'
  UNION ALL
  SELECT {account} seq, CAST(body->'answer'->>'transactTime' AS BIGINT), id, symbol,
    CAST(body->'answer'->>'orderId' AS BIGINT),
    body->'answer'->>'side',
    body->'answer'->>'type',
    body->'answer'->>'price',
    body->'answer'->>'origQty',
    body->'answer'->>'executedQty',
    body->'answer'->>'status'
  FROM entries WHERE kind = 'placed'
  UNION ALL
  SELECT {account} seq, CAST(body->'answer'->>'transactTime' AS BIGINT),
    body->'answer'->>'origClientOrderId', symbol,
    CAST(body->'answer'->>'orderId' AS BIGINT),
    body->'answer'->>'side',
    body->'answer'->>'type',
    body->'answer'->>'price',
    body->'answer'->>'origQty',
    body->'answer'->>'executedQty',
    body->'answer'->>'status'
  FROM entries WHERE kind = 'canceled'
  UNION ALL
  SELECT {account} seq, CAST(leg.value->>'transactTime' AS BIGINT),
    COALESCE(leg.value->>'origClientOrderId', leg.value->>'clientOrderId'), leg.value->>'symbol',
    CAST(leg.value->>'orderId' AS BIGINT),
    leg.value->>'side',
    leg.value->>'type',
    leg.value->>'price',
    leg.value->>'origQty',
    leg.value->>'executedQty',
    leg.value->>'status'
  FROM entries, {each}(body->'answer'->'orderReports') AS leg
  WHERE kind IN ('listPlaced', 'listCanceled')
  UNION ALL
  SELECT {account} seq, CAST(body->'order'->>'updateTime' AS BIGINT), id, symbol,
    CAST(body->'order'->>'orderId' AS BIGINT),
    body->'order'->>'side',
    body->'order'->>'type',
    body->'order'->>'price',
    body->'order'->>'origQty',
    body->'order'->>'executedQty',
    body->'order'->>'status'
  FROM entries WHERE kind = 'orderRead'
), numbered AS (
  SELECT heard.*,
    FIRST_VALUE(id) OVER (PARTITION BY {account} symbol, order_id ORDER BY seq) AS placed_as,
    ROW_NUMBER() OVER (PARTITION BY {account} symbol, order_id ORDER BY
      CASE WHEN status IN ('NEW', 'PENDING_NEW', 'PARTIALLY_FILLED') THEN 1
        WHEN status IS NULL THEN 2 ELSE 0 END,
      updated_ms DESC, seq DESC) AS place
  FROM heard
)
SELECT {account} seq, updated_ms, placed_as AS id, symbol, order_id, side, type, price, quantity,
  executed, status
FROM numbered WHERE place = 1
"""


def upgrade() -> None:
    """Make both views: an order as the exchange last spoke of it, a fill once, however often heard."""
    many = op.get_context().dialect.name == "postgresql"
    words = {
        "account": "account," if many else "",
        "each": "json_array_elements" if many else "json_each",
        "no": "FALSE" if many else "0",
    }
    for view in (_FILLS, _ORDERS):
        op.execute(view.format_map(words))
