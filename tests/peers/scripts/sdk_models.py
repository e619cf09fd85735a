"""The official SDK's answers as JSON, and its keys."""

from collections.abc import Mapping
from typing import Any


def keys(where: Mapping[str, str], kind: str) -> dict[str, str]:
    """What its configurations take: a secret, or an Ed25519 private key (PEM)."""
    if kind == "hmac":
        return {"api_key": where["api_key"], "api_secret": where["secret"]}
    return {"api_key": where["ed25519_api_key"], "private_key": where["ed25519_private_key"]}


def unwrapped(response: Any) -> Any:
    """The data of a response, in Binance's own names."""
    return in_json(response.data()) if hasattr(response, "data") else response


def in_json(model: Any) -> Any:
    """A model, or a list of models, without what the exchange did not send."""
    if isinstance(model, list):
        return [in_json(item) for item in model]
    if isinstance(model, dict):
        return {name: in_json(value) for name, value in model.items()}
    if getattr(model, "actual_instance", None) is not None:
        return in_json(model.actual_instance)
    if hasattr(type(model), "model_fields"):
        return _fields(model)
    return model


def _fields(model: Any) -> dict[str, Any]:
    fields = type(model).model_fields
    found = {(field.alias or name): getattr(model, name) for name, field in fields.items()}
    extra = found.pop("additional_properties", None) or {}
    sent = {name: value for name, value in found.items() if value is not None}
    return {name: in_json(value) for name, value in {**sent, **extra}.items()}
