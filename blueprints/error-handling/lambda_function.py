"""Tells the caller's mistakes from its own, by exception class: the class is the answer's `errorType`."""

PRICES = {"tea": 2.5, "coffee": 3.0}


class InvalidOrder(Exception):
    """The order makes no sense: trying again will not help."""


class UnknownItem(InvalidOrder):
    """The order names something that is not for sale."""


def lambda_handler(event, context):
    item = event["item"]
    if item not in PRICES:
        raise UnknownItem(f"There is no item {item!r}")
    quantity = event.get("quantity")
    if not isinstance(quantity, int) or quantity < 1:
        raise InvalidOrder("quantity must be a positive integer")
    return {"item": item, "total": PRICES[item] * quantity}
