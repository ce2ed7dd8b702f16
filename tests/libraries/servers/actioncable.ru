# frozen_string_literal: true

# Rails' own Action Cable without the rest of Rails: a channel that tells everybody in a room what it is told.
require 'logger'
require 'active_support'
require 'active_support/core_ext'
require 'action_cable'

class RoomChannel < ActionCable::Channel::Base
  def subscribed
    return reject if params[:room] == 'secret'

    stream_from "room #{params[:room]}"
  end

  def speak(data)
    ActionCable.server.broadcast "room #{params[:room]}", { text: data['text'] }
  end
end

ActionCable.server.config.cable = { 'adapter' => 'async' }
ActionCable.server.config.logger = Logger.new($stderr)

run ActionCable.server
